"""The leaderboard: checked submissions in one file, and the boards that are derived from it."""
