using System.CommandLine;
using MailSuite.Bench.Mailboxes.Mix;
using MailSuite.Bench.Mailboxes.Sync;

var root = new RootCommand("Tries the mailboxes of an IMAP server on this machine from outside.") { MixCommand.Make(), SyncCommand.Make() };
return await root.Parse(args).InvokeAsync();
