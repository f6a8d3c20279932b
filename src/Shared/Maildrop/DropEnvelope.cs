using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Shared.Maildrop;

/// <summary>What stands in front of a message that a program of this machine leaves for the MTA: in a file of the maildrop, or on the program's private socket.</summary>
/// <param name="Id">Names the hand-over; the same message left twice is one message.</param>
/// <param name="Octets">Of the message that follows the head.</param>
public sealed record DropEnvelope(DeliveryId Id, ReversePath ReversePath, IReadOnlyList<EnvelopeAddress> Recipients, long Octets)
{
    /// <summary>Octets of a head at most: some 10,000 recipients.</summary>
    public const int MaxHeadOctets = 1024 * 1024;

    private const string FirstLine = "MailSuite drop 1";
    private const int NumberDigits = 19;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The end of a head: an empty line.</summary>
    public static ReadOnlySpan<byte> EndOfHead => "\n\n"u8;

    /// <summary>The head with its empty line. Its length does not depend on <see cref="Octets"/>, so that it can be written again when that is known.</summary>
    public byte[] ToHead()
    {
        var text = new StringBuilder(FirstLine).Append('\n');
        text.Append("id ").Append(Id).Append('\n');
        text.Append("octets ").Append(Octets.ToString("D19", CultureInfo.InvariantCulture)).Append('\n');
        text.Append("from ").Append(ReversePath).Append('\n');
        foreach (var recipient in Recipients)
            text.Append("to <").Append(recipient).Append(">\n");
        return Utf8.GetBytes(text.Append('\n').ToString());
    }

    /// <summary>Reads a head with its empty line; anything else than what <see cref="ToHead"/> writes is no head.</summary>
    public static bool TryParse(ReadOnlySpan<byte> head, [NotNullWhen(true)] out DropEnvelope? envelope)
    {
        envelope = null;
        if (head.Length > MaxHeadOctets || !head.EndsWith(EndOfHead))
            return false;

        string text;
        try
        {
            text = Utf8.GetString(head[..^EndOfHead.Length]);
        }
        catch (ArgumentException)
        {
            return false;
        }

        var lines = text.Split('\n');
        if (lines.Length < 5 || lines[0] != FirstLine
            || !TryAfter(lines[1], "id ", out var id) || !Guid.TryParseExact(id, "N", out var name)
            || !TryAfter(lines[2], "octets ", out var octets) || octets.Length != NumberDigits || !long.TryParse(octets, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || !TryAfter(lines[3], "from ", out var from) || !ReversePath.TryRead(from, out var reversePath, out var consumed) || consumed != from.Length)
            return false;

        var recipients = new List<EnvelopeAddress>(lines.Length - 4);
        foreach (var line in lines.AsSpan(4))
        {
            if (!TryAfter(line, "to ", out var to) || to is not ['<', .., '>'] || !EnvelopeAddress.TryParse(to.AsSpan(1, to.Length - 2), out var recipient))
                return false;
            recipients.Add(recipient);
        }

        envelope = new DropEnvelope(new DeliveryId(name), reversePath, recipients, count);
        return true;
    }

    private static bool TryAfter(string line, string prefix, [NotNullWhen(true)] out string? rest)
    {
        rest = line.StartsWith(prefix, StringComparison.Ordinal) ? line[prefix.Length..] : null;
        return rest is not null;
    }
}
