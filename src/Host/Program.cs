using MailSuite.Host.CommandLine;
using MailSuite.Host.Running;

FileModes.KeepPrivate();
if (SendmailCommand.Find(args) is { } sendmail)
    return await SendmailCommand.RunAsync(sendmail, Console.Out, Console.Error, CancellationToken.None);
return await MailSuiteCommand.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
