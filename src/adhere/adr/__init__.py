"""Architecture decision records: what a document says about itself."""
