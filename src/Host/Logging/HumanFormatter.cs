using System.Globalization;
using MailSuite.Shared.Clock;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace MailSuite.Host.Logging;

/// <summary>One line a message: time in UTC, level, area, text. An exception follows indented.</summary>
/// <remarks>The time is the one on the wall, as in every log beside it, however far the program's clock is ahead. Control characters are shown as dots: what a peer said must not be able to write lines of its own into the log.</remarks>
internal sealed class HumanFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "human";

    private const string OwnPrefix = "MailSuite.";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(clock.Real().GetUtcNow().ToString("HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        textWriter.Write(NameOf(logEntry.LogLevel));
        textWriter.Write(AreaOf(logEntry.Category));
        textWriter.Write(": ");
        WriteLine(textWriter, text);
        if (logEntry.Exception is { } exception)
        {
            foreach (var line in exception.ToString().Split('\n'))
            {
                textWriter.Write("    ");
                WriteLine(textWriter, line.TrimEnd('\r'));
            }
        }
    }

    private static void WriteLine(TextWriter writer, ReadOnlySpan<char> text)
    {
        while (text.IndexOfAnyInRange('\0', '\x1F') is var control && control >= 0)
        {
            writer.Write(text[..control]);
            writer.Write('·');
            text = text[(control + 1)..];
        }

        writer.Write(text);
        writer.Write('\n');
    }

    /// <summary>The namespace within the program: <c>Mta.Smtp</c> for <c>MailSuite.Mta.Smtp.SmtpSession</c>.</summary>
    private static ReadOnlySpan<char> AreaOf(string category)
    {
        if (!category.StartsWith(OwnPrefix, StringComparison.Ordinal))
            return category;
        var area = category.AsSpan(OwnPrefix.Length);
        var end = area.LastIndexOf('.');
        return end < 0 ? area : area[..end];
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace ",
        LogLevel.Debug => "debug ",
        LogLevel.Information => "info  ",
        LogLevel.Warning => "warn  ",
        LogLevel.Error => "ERROR ",
        _ => "FATAL ",
    };
}
