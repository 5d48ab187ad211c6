"""The pages about organisations, those who act for them, and the receipts of what they did."""
