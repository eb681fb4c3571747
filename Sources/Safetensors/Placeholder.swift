// replaced by its files
