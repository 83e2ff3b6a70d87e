"""The face of the house: words, figures, drawings, sheets and scripts, without a request."""
