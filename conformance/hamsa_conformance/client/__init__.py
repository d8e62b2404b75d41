"""The client of the server under test: connections, requests and answers, as cases use them."""
