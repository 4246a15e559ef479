module cryo

go 1.19
