import requests
  indented = wrongly
