from __future__ import annotations


def tell(words):
    print(words)


for n in range(3):
    print(n)
