"""What a zone does for its companies without being asked: its measures, who has them, and how they are paid."""
