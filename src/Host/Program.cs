using MailSuite.Host.CommandLine;

return await MailSuiteCommand.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
