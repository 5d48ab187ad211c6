"""What people are told: an inbox on the page, mails, and messages through a gateway of the operator's."""
