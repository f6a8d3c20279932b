using System.Globalization;
using System.Text;
using Spectre.Console;

namespace MailSuite.Mua.Cli;

/// <summary>How text that strangers wrote is put on a terminal.</summary>
internal static class ConsoleText
{
    /// <summary>
    /// Without control characters, which could drive the terminal, and without those that turn the direction of writing, which could
    /// make one address look like another. Line ends and tabs stay when asked for.
    /// </summary>
    public static string Clean(string text, bool keepLines = false)
    {
        StringBuilder? clean = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var harmless = keepLines && c is '\n' or '\t' ? keepLines : !char.IsControl(c) && !TurnsDirection(c);
            if (!harmless && clean is null)
                clean = new StringBuilder(text, 0, i, text.Length);
            if (harmless)
                clean?.Append(c);
            else if (c != '\r' || !keepLines)
                clean!.Append('\uFFFD');
        }

        return clean?.ToString() ?? text;
    }

    /// <summary>A console on a command's output, for tables and colours.</summary>
    public static IAnsiConsole On(TextWriter output) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });

    /// <summary>Whether a person looks at the output, or a program.</summary>
    public static bool IsForPeople(TextWriter output) => ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;

    /// <summary>A moment in the time of whoever looks: the time alone for today.</summary>
    public static string When(DateTimeOffset at, DateTimeOffset now)
    {
        var local = at.ToLocalTime();
        var today = now.ToLocalTime().Date;
        return local.Date == today
            ? local.ToString("HH:mm", CultureInfo.InvariantCulture)
            : local.ToString(local.Year == today.Year ? "d MMM HH:mm" : "d MMM yyyy", CultureInfo.InvariantCulture);
    }

    public static string Size(long octets) => octets switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{octets} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{octets / 1024.0:0.#} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{octets / (1024.0 * 1024):0.#} MiB"),
    };

    private static bool TurnsDirection(char c) => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' or '\u061C';
}
