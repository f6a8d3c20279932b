namespace MailSuite.Testing.Fuzz;

/// <summary>Something that is given generated input, and what must hold for all of it.</summary>
public abstract class FuzzTarget(string name) : IAsyncDisposable
{
    public string Name => name;

    public abstract FuzzInput Generate(Random random);

    /// <exception cref="FuzzException">Something does not hold.</exception>
    public abstract ValueTask CheckAsync(FuzzInput input);

    /// <summary>Forgets what earlier inputs have left.</summary>
    public virtual ValueTask ResetAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await ResetAsync();
        GC.SuppressFinalize(this);
    }

    public sealed override string ToString() => name;
}

/// <summary>A target that is one function.</summary>
public sealed class FunctionTarget(string name, Func<Random, FuzzInput> generate, Action<FuzzInput> check) : FuzzTarget(name)
{
    /// <summary>Octets that a parser may allocate for each octet of its input, and for itself.</summary>
    private const long AllocationPerOctet = 400;

    private const long AllocationAtAll = 256 * 1024;

    public override FuzzInput Generate(Random random) => generate(random);

    public override ValueTask CheckAsync(FuzzInput input)
    {
        var octets = input.Octets.Length;
        var before = GC.GetAllocatedBytesForCurrentThread();
        check(input);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        FuzzException.Unless(allocated <= AllocationAtAll + (AllocationPerOctet * octets), "memory", $"{allocated} octets of memory for {octets} of input");
        return ValueTask.CompletedTask;
    }
}

/// <summary>An invariant that an input has broken.</summary>
/// <param name="kind">The invariant: inputs that break the same one are one finding.</param>
public sealed class FuzzException(string kind, string details) : Exception($"{kind}: {details}")
{
    public string Kind => kind;

    public static void Unless(bool holds, string kind, string details)
    {
        if (!holds)
            throw new FuzzException(kind, details);
    }
}
