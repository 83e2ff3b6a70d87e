"""The first answer: one letter that says a request arrived, when it is answered, and what may settle it already."""
