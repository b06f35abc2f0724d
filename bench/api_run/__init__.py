"""What ``bench.api`` is made of: the rows, the servers that are compared, and what asks them."""

# names the file of answers: {"METHOD path": [status, content type, base64 of the body]}
CAPTURED = "BENCH_CAPTURED"
