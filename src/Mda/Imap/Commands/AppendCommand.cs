using System.Globalization;
using MailSuite.Mda.Imap.Incoming;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Store;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>APPEND (RFC 9051 §6.3.12) of one message or of many, all or none (RFC 3502), whole or put together (RFC 4469).</summary>
internal sealed class AppendCommand(AppendTargets targets, AppendParts parts, MessageStore store) : IImapCommand
{
    public string Name => "APPEND";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public bool IsMessage(ReadOnlySpan<byte> arguments)
    {
        var parser = new ImapParser(arguments);
        return parser.TryAString(out _) && parser.TrySpace();
    }

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var (name, behind) = Parse(line, session.Utf8);
        if (name is null)
            return await targets.RefuseAsync(session, line, ImapAnswers.Syntax);
        var (target, refusal) = await targets.FindAsync(session, name, cancellationToken);
        if (target is null)
            return await targets.RefuseAsync(session, line, refusal);

        await using var reading = new AppendReading(session, target, parts, single: false);
        if (await reading.ReadAsync(line.Arguments[behind..], line.Message is not null, cancellationToken) is { } answer)
            return answer;

        var appending = await store.AppendAsync(target.Mailbox.Id, reading.HandOver(), cancellationToken);
        if (appending.Result != StoreResult.Done)
            return SelectedMessages.Refusal(appending.Result);
        return ImapAnswer.Ok("Appended.", CodeFor(appending));
    }

    /// <summary>APPENDUID (RFC 4315 §3): UIDs of one command follow one another.</summary>
    internal static string CodeFor(Appending appending) => string.Create(
        CultureInfo.InvariantCulture,
        $"APPENDUID {appending.UidValidity} {appending.Uids[0]}{(appending.Uids.Count > 1 ? $":{appending.Uids[^1]}" : string.Empty)}");

    private static (string? Mailbox, int Behind) Parse(ImapCommandLine line, bool utf8)
    {
        var parser = line.Parse();
        return parser.TryMailbox(utf8, out var name) ? (name, parser.Position) : (null, 0);
    }
}
