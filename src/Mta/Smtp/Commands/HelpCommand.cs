using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>HELP: the commands there are, or the syntax of one (RFC 5321 §4.1.1.8).</summary>
internal sealed class HelpCommand(MtaOptions options, SmtpCommandTable commands) : ISmtpCommand
{
    public string Verb => "HELP";

    public string Syntax => "HELP [command]";

    public SmtpStates AllowedIn => SmtpStates.Any;

    public bool IsIdle => true;

    public ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (arguments.Length == 0)
            return new(SmtpReplies.Help(options.HostName, StatusOf(session), commands.All.Where(command => command.RefusalIn(session.Role) is null).Select(command => command.Verb)));

        return new(commands.TryFind(arguments, out var command) ? SmtpReplies.HelpFor(command.Syntax) : SmtpReplies.NoHelp);
    }

    /// <summary>What the server holds of this session; of others it tells nothing.</summary>
    private static string StatusOf(SmtpSession session)
    {
        var tls = session.Tls is { } facts ? $"under {facts.Protocol}" : "without TLS";
        var who = session.Account is { } account ? $"authenticated as {account.Address}" : "not authenticated";
        var transaction = session.State == SmtpStates.InTransaction ? $"a mail transaction with {session.Transaction.RecipientCount} recipients is open" : "no mail transaction is open";
        return $"{session.Role}, {tls}, {who}; {transaction}";
    }
}
