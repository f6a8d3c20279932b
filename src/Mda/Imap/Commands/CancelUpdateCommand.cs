using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Imap.Searching;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>CANCELUPDATE (RFC 5267 §4.3.5): results named by their tags are no longer kept up to date.</summary>
internal sealed class CancelUpdateCommand : IImapCommand
{
    public string Name => "CANCELUPDATE";

    public ImapStates AllowedIn => ImapStates.Selected;

    public string? Capability => "CONTEXT=SEARCH";

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        var tags = new List<byte[]>();
        do
        {
            if (!parser.TryString(out var tag))
                return new(ImapAnswers.Syntax);
            tags.Add(tag.ToArray());
        }
        while (parser.TrySpace());

        if (!parser.IsAtEnd)
            return new(ImapAnswers.Syntax);
        var contexts = session.Find<SearchContexts>();
        var known = tags.Count(tag => contexts is not null && contexts.Cancel(tag));
        return new(known == tags.Count ? ImapAnswer.Ok("Cancelled.") : ImapAnswer.No("There is no such result."));
    }
}
