using System.Buffers;
using System.IO.Pipelines;
using MailSuite.Mta.Delivery;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing.Fuzz;

namespace MailSuite.Mta.Tests.Fuzz;

/// <summary>What is read from the octets does not depend on the parts in which they come, and is what a reader of all at once sees.</summary>
internal static class LineTargets
{
    private const int MaxLine = 60;

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new FunctionTarget("dot decoder", Transcript, DotDecoding),
        new FunctionTarget("dot encoder", Transcript, DotEncoding),
        new FunctionTarget("chunked lines", Transcript, Chunks),
        new FunctionTarget("line scan", Transcript, Lines),
        new FunctionTarget("line reader", Transcript, Reading),
    ];

    private static FuzzInput Transcript(Random random) => new Mutator(random).Transcript(Corpus.Dialogues, Corpus.Words);

    private static void DotDecoding(FuzzInput input)
    {
        var decoder = new DotDecoder(MaxLine);
        var output = new ArrayBufferWriter<byte>();
        var (outcome, total) = (DotOutcome.More, 0);
        foreach (var step in input.Steps)
        {
            if (outcome != DotOutcome.More)
                break;
            outcome = decoder.Decode(step.Octets, output, out var consumed);
            total += consumed;
        }

        var end = StrictMessage.Read(input.Octets, MaxLine, out var content, out var length);
        Must(outcome switch
        {
            DotOutcome.More => end == StrictMessage.End.Missing,
            DotOutcome.End => end == StrictMessage.End.Dot && total == length && output.WrittenSpan.SequenceEqual(content),
            DotOutcome.LineTooLong => end == StrictMessage.End.LineTooLong,
            _ => end == StrictMessage.End.BareLineEnd,
        }, "another end of the message", $"{outcome} and {end}, {total} and {length} octets");
        // Of a message that is refused nothing counts.
        Must(outcome != DotOutcome.More || output.WrittenSpan.StartsWith(content), "other octets of the message", $"{outcome}");
    }

    private static void DotEncoding(FuzzInput input)
    {
        var encoder = new DotEncoder();
        var sent = new ArrayBufferWriter<byte>();
        foreach (var step in input.Steps)
            encoder.Encode(step.Octets, sent);
        encoder.Finish(sent);
        if (!StrictMessage.IsText(input.Octets, int.MaxValue, headerOnly: false))
            return;

        var end = StrictMessage.Read(sent.WrittenSpan, int.MaxValue, out var content, out var consumed);
        Must(end == StrictMessage.End.Dot && consumed == sent.WrittenCount, "a message that ends elsewhere", $"{end} after {consumed} of {sent.WrittenCount}");
        var ended = input.Octets is [] or [.., (byte)'\n'];
        Must(content.AsSpan().SequenceEqual(ended ? input.Octets : [.. input.Octets, .. "\r\n"u8]), "another message than was given", "");
    }

    private static void Chunks(FuzzInput input)
    {
        foreach (var headerOnly in new[] { false, true })
        {
            var lines = new ChunkedLines(MaxLine, headerOnly);
            var outcome = DotOutcome.More;
            foreach (var step in input.Steps.TakeWhile(_ => outcome == DotOutcome.More))
                outcome = lines.Look(step.Octets);
            var isText = outcome == DotOutcome.More && !lines.EndInCr;
            Must(isText == StrictMessage.IsText(input.Octets, MaxLine, headerOnly), "another judgement of the lines", $"{outcome}, {(headerOnly ? "header only" : "all")}");
        }
    }

    private static void Lines(FuzzInput input)
    {
        var scan = default(LineScan);
        foreach (var step in input.Steps)
            scan.Look(step.Octets);
        Must(scan.HasBareLineEnd != StrictMessage.IsText(input.Octets, int.MaxValue, headerOnly: false), "another judgement of the lines", "");
    }

    private static void Reading(FuzzInput input)
    {
        var pipe = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));
        var reader = new LineReader(new PipeTransport(pipe.Reader, PipeWriter.Create(Stream.Null), null, null, null), MaxLine);
        var heard = new List<string>();
        var reading = HearAsync(reader, heard);
        foreach (var step in input.Steps)
            pipe.Writer.WriteAsync(step.Octets).AsTask().GetAwaiter().GetResult();
        pipe.Writer.Complete();
        Must(reading.IsCompleted, "a reader that does not end", "");
        reading.GetAwaiter().GetResult();

        var all = input.Latin1;
        var expected = new List<string>();
        for (var at = 0; ;)
        {
            var end = all.IndexOf('\n', at);
            if (end < 0 && all.Length - at < MaxLine)
                break;
            var line = end < 0 || end - at >= MaxLine ? null : all[at..end];
            expected.Add(line is null ? "too long" : line.Length > 0 && line.IndexOf('\r', StringComparison.Ordinal) == line.Length - 1 ? $"line {line[..^1]}" : "bare");
            at = line is null ? at + MaxLine : end + 1;
        }

        Must(expected.SequenceEqual(heard), "other lines", $"{string.Join('|', heard)} and not {string.Join('|', expected)}");
    }

    private static async Task HearAsync(LineReader reader, List<string> heard)
    {
        while (await reader.ReadAsync(CancellationToken.None) is { Outcome: not LineOutcome.EndOfStream } line)
        {
            heard.Add(line.Outcome switch
            {
                LineOutcome.Line => $"line {System.Text.Encoding.Latin1.GetString(line.Octets.Span)}",
                LineOutcome.TooLong => "too long",
                _ => "bare",
            });
        }
    }

    private static void Must(bool holds, string kind, string details) => FuzzException.Unless(holds, kind, details);
}
