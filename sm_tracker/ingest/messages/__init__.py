"""What an import tells and asks: findings, refused rows, questions and answers."""
