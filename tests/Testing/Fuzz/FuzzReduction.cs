namespace MailSuite.Testing.Fuzz;

/// <summary>Smaller inputs than one that fails, the smallest first: fewer parts, fewer lines, fewer octets.</summary>
public static class FuzzReduction
{
    public static IEnumerable<FuzzInput> Of(FuzzInput input)
    {
        // In one part it is easiest to read.
        if (input.Steps.Count > 1 && !input.HasWaits)
            yield return FuzzInput.Of(input.Octets);

        for (var size = input.Steps.Count / 2; size > 0; size /= 2)
        {
            for (var at = 0; at + size <= input.Steps.Count; at += size)
                yield return new FuzzInput([.. input.Steps.Take(at), .. input.Steps.Skip(at + size)]);
        }

        for (var i = 0; i < input.Steps.Count; i++)
        {
            foreach (var octets in Smaller(input.Steps[i].Octets))
                yield return new FuzzInput([.. input.Steps.Take(i), new FuzzStep(octets, TimeSpan.Zero), .. input.Steps.Skip(i + 1)]);
        }
    }

    private static IEnumerable<byte[]> Smaller(byte[] octets)
    {
        var starts = new List<int> { 0 };
        starts.AddRange(Enumerable.Range(1, octets.Length).Where(i => octets[i - 1] == '\n'));
        for (var i = starts.Count - 1; i >= 0; i--)
        {
            var end = i + 1 < starts.Count ? starts[i + 1] : octets.Length;
            if (end > starts[i])
                yield return [.. octets[..starts[i]], .. octets[end..]];
        }

        for (var size = Math.Max(1, octets.Length / 2); size > 0; size /= 2)
        {
            for (var at = 0; at + size <= octets.Length; at += size)
                yield return [.. octets[..at], .. octets[(at + size)..]];
        }
    }
}
