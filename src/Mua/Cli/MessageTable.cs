using MailSuite.Mua.Api;
using Spectre.Console;

namespace MailSuite.Mua.Cli;

/// <summary>A list of messages: a table for people, lines with tabs for programs.</summary>
internal static class MessageTable
{
    public static void Write(TextWriter output, MessageListView list, bool withMailbox, string caption)
    {
        if (ConsoleText.IsForPeople(output))
            WriteTable(output, list, withMailbox, caption);
        else
            WriteLines(output, list);
    }

    private static void WriteTable(TextWriter output, MessageListView list, bool withMailbox, string caption)
    {
        var now = TimeProvider.System.GetUtcNow();
        var table = new Table { Border = TableBorder.Rounded, Caption = new TableTitle(Markup.Escape(caption)) };
        table.AddColumn(new TableColumn("UID").RightAligned());
        if (withMailbox)
            table.AddColumn("Mailbox");
        table.AddColumns("", "From", "Subject", "Received");
        table.AddColumn(new TableColumn("Size").RightAligned());
        foreach (var message in list.Messages)
        {
            var isNew = !message.Flags.Contains("Seen", StringComparer.OrdinalIgnoreCase);
            var row = new List<string> { $"{message.Uid}" };
            if (withMailbox)
                row.Add(Markup.Escape(ConsoleText.Clean(message.Mailbox)));
            row.AddRange([isNew ? "●" : "", Cell(message.From), Cell(message.Subject.Length == 0 ? "(no subject)" : message.Subject), ConsoleText.When(message.ReceivedAt, now), ConsoleText.Size(message.Octets)]);
            table.AddRow([.. row]);

            string Cell(string text) => isNew ? $"[bold]{Markup.Escape(ConsoleText.Clean(text))}[/]" : Markup.Escape(ConsoleText.Clean(text));
        }

        ConsoleText.On(output).Write(table);
    }

    /// <summary>UID, mailbox, time, sender's address, octets, flags, subject.</summary>
    private static void WriteLines(TextWriter output, MessageListView list)
    {
        foreach (var message in list.Messages)
        {
            output.WriteLine(string.Join('\t',
                message.Uid, ConsoleText.Clean(message.Mailbox), message.ReceivedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
                ConsoleText.Clean(message.FromAddress), message.Octets, string.Join(',', message.Flags), ConsoleText.Clean(message.Subject)));
        }
    }
}
