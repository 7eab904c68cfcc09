"""Django settings, URLs and WSGI: the only place where the parts are chosen and joined."""
