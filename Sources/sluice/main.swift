import SluiceCLI

await Sluice.run(CommandLine.arguments)
