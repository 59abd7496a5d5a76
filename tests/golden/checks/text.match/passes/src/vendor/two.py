print('vendored')
