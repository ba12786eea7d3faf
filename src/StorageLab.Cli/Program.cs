using StorageLab.Cli;

return await StorageLabCommand.RunAsync(args);
