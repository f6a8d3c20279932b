using System.Buffers;
using System.Text.Json;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mua.Journey.Sqlite;

/// <summary>A dialogue as it lies on disk: <c>[[microseconds after the event, 1 when the client said it, "text"], …]</c>.</summary>
internal static class DialogueJson
{
    internal static byte[]? Write(IReadOnlyList<TranscriptLine> dialogue, DateTimeOffset eventAt)
    {
        if (dialogue.Count == 0)
            return null;

        var buffer = new ArrayBufferWriter<byte>(dialogue.Count * 64);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            for (var i = 0; i < dialogue.Count; i++)
            {
                var line = dialogue[i];
                json.WriteStartArray();
                json.WriteNumberValue((line.At - eventAt).Ticks / TimeSpan.TicksPerMicrosecond);
                json.WriteNumberValue(line.FromClient ? 1 : 0);
                json.WriteStringValue(line.Text);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What was written; nothing when the octets are not of our making, since a damaged line must not hide the journey.</summary>
    internal static IReadOnlyList<TranscriptLine> Read(ReadOnlyMemory<byte> json, DateTimeOffset eventAt)
    {
        var lines = new List<TranscriptLine>();
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var line in document.RootElement.EnumerateArray())
            {
                var at = eventAt.AddTicks(line[0].GetInt64() * TimeSpan.TicksPerMicrosecond);
                lines.Add(new TranscriptLine(at, line[1].GetInt32() == 1, line[2].GetString() ?? ""));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            return [];
        }

        return lines;
    }
}
