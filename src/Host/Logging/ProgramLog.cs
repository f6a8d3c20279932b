using MailSuite.Host.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace MailSuite.Host.Logging;

/// <summary>Sends the log to standard output, or to standard error where that is somebody's connection, for people or as JSON, one object a line.</summary>
internal static class ProgramLog
{
    /// <summary>Lines that wait for the terminal; when it is slower than the mail, lines are dropped and counted, and mail is not held up.</summary>
    private const int MaxWaitingLines = 10_000;

    public static void AddProgramLog(this ILoggingBuilder logging, LogSettings settings, bool toError = false)
    {
        logging.SetMinimumLevel(settings.Level);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        // It warns that keys lie unencrypted on the disk, which they do beside the mail itself, for the owner's eyes only.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // A start that fails is told by the command; what is left is a part of ours that ended although it should not.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        // An interrupted query is no news: whoever cancelled it knows.
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Error);
        foreach (var (category, level) in settings.Levels)
            logging.AddFilter(category, level);

        logging.AddConsole(console =>
        {
            console.FormatterName = settings.Format == LogFormat.Json ? ConsoleFormatterNames.Json : HumanFormatter.FormatterName;
            console.LogToStandardErrorThreshold = toError ? LogLevel.Trace : LogLevel.None;
            console.MaxQueueLength = MaxWaitingLines;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        logging.AddConsoleFormatter<HumanFormatter, ConsoleFormatterOptions>();
        logging.Services.Configure<JsonConsoleFormatterOptions>(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
    }
}
