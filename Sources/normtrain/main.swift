print("normtrain")
