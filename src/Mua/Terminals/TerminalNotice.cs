using System.Text;
using MailSuite.Mua.Reading;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;

namespace MailSuite.Mua.Terminals;

/// <summary>A message as it stands on a screen: plain text, bounded, without characters that could draw outside of their place.</summary>
/// <param name="From">The person's name, or the address.</param>
/// <param name="Address">The address in From.</param>
/// <param name="ReversePath">Who the envelope says sent it, when that is another address; else <see langword="null"/>.</param>
/// <param name="IsCut">Whether the text goes on in the mailbox.</param>
internal sealed record TerminalNotice(
    Guid Id, JourneyId Journey, string From, string Address, string? ReversePath, string Subject, string Text, bool IsCut, bool IsKept, DateTimeOffset At)
{
    /// <returns><see langword="null"/> when the message can only be shown in part and is to be kept nowhere else.</returns>
    internal static async Task<TerminalNotice?> ReadAsync(TerminalMessage message, CancellationToken cancellationToken)
    {
        using var readable = await ReadableMessage.OpenAsync(message.Content, cancellationToken);
        var text = Clean(readable.ReadText(out var isCut).ReplaceLineEndings("\n").Trim('\n'), keepLines: true);
        if (text.Length > TerminalLimits.MaxTextCharacters)
        {
            isCut = true;
            text = Cut(text, TerminalLimits.MaxTextCharacters);
        }

        if (!message.IsKept && (isCut || readable.Attachments.Count > 0))
            return null;

        var sender = message.ReversePath.Address?.ToDisplayString();
        var from = ReadableMessage.Addresses(readable.Mime.From).FirstOrDefault();
        var address = Line(from?.Address ?? sender ?? "nobody");
        return new TerminalNotice(
            Guid.NewGuid(), message.Journey, Line(string.IsNullOrWhiteSpace(from?.Name) ? address : from.Name), address,
            sender is null || string.Equals(sender, address, StringComparison.OrdinalIgnoreCase) ? null : Line(sender),
            Line(readable.Subject), text, isCut, message.IsKept, message.At);
    }

    private static string Line(string text) => Cut(Clean(text, keepLines: false), TerminalLimits.MaxLineCharacters);

    /// <summary>Never through the middle of a character of two units.</summary>
    private static string Cut(string text, int length) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length), "…");

    /// <summary>Without controls, and without the marks that turn the direction of what follows (Unicode TR 9 §2).</summary>
    private static string Clean(string text, bool keepLines)
    {
        var clean = new StringBuilder(Math.Min(text.Length, TerminalLimits.MaxTextCharacters + 1));
        foreach (var c in text)
        {
            if (clean.Length > TerminalLimits.MaxTextCharacters)
                break;
            if (keepLines && c is '\n' or '\t')
                clean.Append(c);
            else if (!char.IsControl(c) && c is not (>= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\u2028' or '\u2029'))
                clean.Append(c);
            else
                clean.Append(' ');
        }

        return clean.ToString();
    }
}
