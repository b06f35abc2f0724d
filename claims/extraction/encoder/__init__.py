"""The fine-tuned encoder: passages of sentences in, one pass, and everything that it says of them out."""
