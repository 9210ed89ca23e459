"""Mail: a letter made of an edition, and handed to a mail server by SMTP."""
