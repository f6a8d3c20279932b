using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using MailSuite.Mta.Smtp.Commands;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp;

/// <summary>The commands that the server understands, those that it only knows of, and what each of the others hears.</summary>
internal sealed class SmtpCommandTable
{
    /// <summary>Commands of RFCs that are not offered: the client is told that it was understood (RFC 5321 §4.2.4).</summary>
    private static readonly FrozenSet<string> KnownOnly = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "BURL");

    /// <summary>How HTTP begins: a web page that makes a browser talk to us gets no second line (RFC 5321 knows no such verbs).</summary>
    private static readonly FrozenSet<string> Http = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "PRI");

    private readonly FrozenDictionary<string, ISmtpCommand> _commands;
    private readonly FrozenDictionary<string, ISmtpCommand>.AlternateLookup<ReadOnlySpan<char>> _byVerb;

    public SmtpCommandTable(MtaOptions options, IEnumerable<ISmtpCommand> commands)
    {
        All = [.. commands, new HelpCommand(options, this)];
        _commands = All.ToFrozenDictionary(command => command.Verb, StringComparer.OrdinalIgnoreCase);
        _byVerb = _commands.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IReadOnlyList<ISmtpCommand> All { get; }

    public bool TryFind(ReadOnlySpan<char> verb, [NotNullWhen(true)] out ISmtpCommand? command) => _byVerb.TryGetValue(verb, out command);

    /// <summary>The reply to a verb that there is no command for.</summary>
    public static SmtpReply ReplyToStranger(ReadOnlySpan<char> verb)
    {
        if (KnownOnly.GetAlternateLookup<ReadOnlySpan<char>>().Contains(verb))
            return SmtpReplies.NotOffered;
        return Http.GetAlternateLookup<ReadOnlySpan<char>>().Contains(verb) ? SmtpReplies.NotSmtp : SmtpReplies.UnknownCommand;
    }
}
