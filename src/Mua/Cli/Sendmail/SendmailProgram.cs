using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Maildrop;

namespace MailSuite.Mua.Cli.Sendmail;

/// <summary><c>sendmail</c>, <c>mailq</c> and <c>newaliases</c>: one program by three names, as /usr/sbin/sendmail is.</summary>
internal static class SendmailProgram
{
    private const string Usage = """
        Usage: sendmail [OPTIONS] [RECIPIENT…]      takes a message from standard input
               sendmail -bs | -bp | -q | -bi | -bd
               mailq, newaliases                    the same as -bp and -bi

          -t            recipients from To, Cc and Bcc as well; Bcc is taken out
          -i, -oi       a line with a single dot does not end the message
          -f, -r ADDR   the sender in the envelope; people may name themselves only
          -F NAME       the name in From, when the message has none
          -B TYPE       7BIT or 8BITMIME
          -v            say what became of the message
          -bm           take a message (the default)
          -bs           speak SMTP on standard input and output
          -bp           show what waits in the queue, since when and why
          -q            try at once what waits
          -bd           run the server in the foreground, as mailsuite serve does; needs --config or MAILSUITE_CONFIG
          -bi           nothing to do: aliases are in the configuration
          --data DIR, --config FILE (-C), --port-offset N   which MailSuite is meant, as for every command of mailsuite
          -A -d -e -h -L -o -O -p -X (with a value) and -G -I -m -n -U are accepted and mean nothing here

        When no MailSuite runs the message is kept and goes out at the next start.
        Exit codes: those of sysexits.h. 0 taken, 64 usage, 65 the message or an address, 67 no such mailbox, 68 no such domain, 69 refused,
        71 unknown user, 73 the maildrop cannot be written, 74 read or write error, 75 try again, 77 not permitted, 78 configuration.

        """;

    public static async Task<int> RunAsync(
        string name, IReadOnlyList<string> arguments, Func<LocalProgramChoice, ILocalProgram> locate, Stream input, TextWriter output, TextWriter error,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            if (!SendmailOptions.TryParse(name, arguments, out var options, out var problem))
                throw new CommandFailure(SendmailExit.Usage, $"{problem}. Run {name} --help for what there is.");
            return await RunAsync(options, locate, input, output, clock, cancellationToken);
        }
        catch (CommandFailure e)
        {
            await error.WriteLineAsync($"{name}: {ConsoleText.Clean(e.Message)}");
            return e.ExitCode;
        }
    }

    private static async Task<int> RunAsync(
        SendmailOptions options, Func<LocalProgramChoice, ILocalProgram> locate, Stream input, TextWriter output, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (options.Mode == SendmailMode.Help)
        {
            await output.WriteAsync(Usage);
            return SendmailExit.Ok;
        }

        if (options.Mode == SendmailMode.RebuildAliases)
            return SendmailExit.Ok;

        var program = locate(new LocalProgramChoice(options.Data, options.Config, options.PortOffset));
        switch (options.Mode)
        {
            case SendmailMode.Smtp:
                return await program.ServeStandardInputAsync(cancellationToken);
            case SendmailMode.Serve:
                return await program.ServeAsync(cancellationToken);
            case SendmailMode.ShowQueue:
                await output.WriteAsync(QueueText.Of(await QueueAsync(program, cancellationToken), clock.LocalTimeZone));
                return SendmailExit.Ok;
            case SendmailMode.RunQueue:
                return await program.RunQueueAsync(cancellationToken)
                    ? SendmailExit.Ok
                    : throw new CommandFailure(SendmailExit.Unavailable, $"No MailSuite runs on {program.DataDirectory} that this user may ask. What waits is tried when one starts.");
            default:
                var told = await new SendmailCommand(options, program, clock).RunAsync(input, cancellationToken);
                if (options.Verbose)
                    await output.WriteLineAsync(told);
                return SendmailExit.Ok;
        }
    }

    private static async Task<IReadOnlyList<Shared.Contracts.Mta.QueuedMail>> QueueAsync(ILocalProgram program, CancellationToken cancellationToken)
    {
        try
        {
            return [.. WaitingDrops.In(new MaildropDirectory(program.DataDirectory)), .. await program.QueueAsync(cancellationToken)];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CommandFailure(SendmailExit.NotPermitted, $"The queue is for the owner of {program.DataDirectory}: {e.Message}");
        }
        catch (IOException e)
        {
            throw new CommandFailure(SendmailExit.Unavailable, $"The queue cannot be read: {e.Message}");
        }
    }
}
