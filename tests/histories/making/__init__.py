"""What histories are made of: said in short, drawn at random, written as files, made small, printed as scripts."""
