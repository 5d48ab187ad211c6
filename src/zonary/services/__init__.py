"""What people and programs use: each service has the same rooms, and none imports another."""
