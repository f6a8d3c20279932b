using MailSuite.Host.CommandLine;
using MailSuite.Host.Running;

FileModes.KeepPrivate();
return await MailSuiteCommand.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
