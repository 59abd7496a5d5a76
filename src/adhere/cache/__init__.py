"""Bytes kept between runs. Nothing here can change a verdict, only how fast it comes."""
