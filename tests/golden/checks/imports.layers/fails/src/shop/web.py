from shop import billing, orders
