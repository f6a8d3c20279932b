using MailSuite.Shared.Status;

namespace MailSuite.Mta.Dsn.Incoming;

/// <summary>Makes one short line of what another host says.</summary>
internal static class ReportWords
{
    public const int MaxName = 255;
    public const int MaxAddress = 254;
    public const int MaxWords = 500;

    /// <summary>Without controls and runs of blanks.</summary>
    public static string Line(string text, int max)
    {
        // More than twice as long can become short enough only by what nobody would miss.
        if (text.Length > max * 2)
            text = text[..(max * 2)];
        var line = string.Join(' ', new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= max ? line : line[..(max - (char.IsHighSurrogate(line[max - 1]) ? 1 : 0))];
    }

    /// <summary>The first enhanced status code in a text: three numbers with dots between them, of class 2, 4 or 5.</summary>
    public static EnhancedStatusCode? StatusIn(string? text)
    {
        foreach (var word in (text ?? "").Split([' ', '\t', '\r', '\n', '(', ')', '#', '<', '>', ',', ';', ':'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (EnhancedStatusCode.TryReadPrefix(word.AsSpan().TrimEnd('.'), out var status))
                return status;
        }

        return null;
    }

    /// <summary>What a text says behind an address that it names.</summary>
    public static string? About(string body, string address)
    {
        var at = body.IndexOf(address, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : Line(body[(at + address.Length)..], MaxWords);
    }

    /// <summary>The domain of an address; <see langword="null"/> for none.</summary>
    public static string? HostOf(string? address) => address?.LastIndexOf('@') is >= 0 and var at ? Line(address[(at + 1)..], MaxName) : null;
}
