using System.Text;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Responses;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>ID (RFC 2971): who the programs are. What the client says is for the log alone, and only its name and version.</summary>
internal sealed class IdCommand(ILogger<ImapServer> log) : IImapCommand
{
    /// <summary>RFC 2971 §3.3.</summary>
    private const int MaxFields = 30;

    private const int MaxNameOctets = 30;
    private const int MaxValueOctets = 1024;

    /// <summary>Characters of a value in the log.</summary>
    private const int MaxShown = 100;

    public string Name => "ID";

    public ImapStates AllowedIn => ImapStates.Any;

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        if (!TryParse(line.Parse(), out var name, out var version))
            return new(ImapAnswers.Syntax);

        if (name is not null)
            log.Identified(session.Peer, name, version ?? "");
        session.Writer.Raw("* ID (\"name\" \"MailSuite\")\r\n"u8);
        return new(ImapAnswer.Ok("Pleased to meet you."));
    }

    private static bool TryParse(ImapParser parser, out string? name, out string? version)
    {
        name = version = null;
        if (parser.TryWord("NIL"u8))
            return parser.IsAtEnd;
        if (!parser.TryOpen())
            return false;
        if (parser.TryClose())
            return parser.IsAtEnd;

        var fields = 0;
        do
        {
            if (++fields > MaxFields || !parser.TryString(out var field) || field.Length > MaxNameOctets || !parser.TrySpace() || !parser.TryNString(out var value, out _) || value.Length > MaxValueOctets)
                return false;
            if (Ascii.EqualsIgnoreCase(field, "name"u8))
                name = Shown(value);
            else if (Ascii.EqualsIgnoreCase(field, "version"u8))
                version = Shown(value);
        }
        while (parser.TrySpace());

        return parser.TryClose() && parser.IsAtEnd;
    }

    private static string Shown(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value);
        return string.Concat(text.Take(MaxShown).Select(c => char.IsControl(c) ? '?' : c));
    }
}
