"""The shelf of articles: Markdown files, drafts, versions, votes; what people read before they ask."""
