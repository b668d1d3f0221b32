"""The public face of Vestibule: what plugins and the command line may use."""
