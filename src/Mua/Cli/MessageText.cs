using System.Text;
using MailSuite.Mua.Api;

namespace MailSuite.Mua.Cli;

/// <summary>One message as a terminal shows it: the header fields people read, the text, the attachments.</summary>
internal static class MessageText
{
    private static readonly string[] ShownFields = ["From", "To", "Cc", "Date", "Subject", "Message-ID"];

    public static string For(MessageDetailView message)
    {
        var text = new StringBuilder();
        foreach (var name in ShownFields)
        {
            foreach (var field in message.Headers.Where(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase)))
                text.AppendLine($"{name + ":",-12}{ConsoleText.Clean(field.Value)}");
        }

        text.AppendLine();
        text.AppendLine(message switch
        {
            { Text: { Length: > 0 } plain } => ConsoleText.Clean(plain, keepLines: true).TrimEnd(),
            { Html: not null } => "(This message has HTML only; read it in the webmail, or its source with --raw.)",
            _ => "(This message has no text.)",
        });
        foreach (var attachment in message.Attachments)
            text.AppendLine().Append($"Attachment {attachment.Part}: {ConsoleText.Clean(attachment.Name)} ({ConsoleText.Clean(attachment.ContentType)}, {ConsoleText.Size(attachment.Octets)})");
        return text.ToString().TrimEnd();
    }
}
