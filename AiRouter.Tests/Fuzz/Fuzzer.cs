using System.Diagnostics;
using System.Globalization;

namespace AiRouter.Tests.Fuzz;

/// <summary>
/// Feeds a reader changed valid inputs for about a second. Each input follows from seed and iteration alone, and both are told with a
/// failure. <c>AIROUTER_FUZZ_SEED</c> and <c>AIROUTER_FUZZ_SECONDS</c> change them: minutes by hand find more than a second in each run.
/// </summary>
internal static class Fuzzer
{
    /// <summary>Longer than any input takes, by far, also on a machine that is ten times slower.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private const int LongestInput = 64 * 1024;

    /// <summary>So many are tried, however long that takes.</summary>
    private const int LeastInputs = 100;

    private static int Seed { get; } = Number("AIROUTER_FUZZ_SEED", 20_261_122);

    private static TimeSpan Time { get; } = TimeSpan.FromSeconds(Number("AIROUTER_FUZZ_SECONDS", 1));

    /// <summary>Runs.</summary>
    /// <param name="corpus">Valid inputs.</param>
    /// <param name="pieces">What is put in: words of the format.</param>
    /// <param name="mostBytes">What an input may make the reader allocate: a base, and a factor for each of its bytes.</param>
    /// <param name="read">The reader: answers or refuses. An exception, an assertion too, is a failure. Its randomness is the input's.</param>
    public static async Task RunAsync(
        IReadOnlyList<byte[]> corpus, IReadOnlyList<byte[]> pieces, (long Base, long PerByte) mostBytes, Action<byte[], Random> read)
    {
        var iteration = 0;
        var input = Array.Empty<byte>();
        var failure = (Exception?)null;
        var thread = new Thread(
            () =>
            {
                var started = Stopwatch.GetTimestamp();
                do
                {
                    var random = new Random(HashCode(Seed, iteration));
                    input = Change(random, corpus, pieces);
                    try
                    {
                        var most = mostBytes.Base + (mostBytes.PerByte * input.Length);
                        var allocated = Allocated(() => read(input, random));
                        if (allocated > most)
                        {
                            // What the runtime allocates once (for the first exception of a kind) is not the reader's.
                            allocated = Allocated(() => read(input, random));
                        }

                        Assert.True(allocated <= most, $"{allocated:N0} bytes allocated for {input.Length:N0}");
                    }
                    catch (Exception exception)
                    {
                        failure = exception;
                        return;
                    }

                    iteration++;
                }
                while (Stopwatch.GetElapsedTime(started) < Time || iteration < LeastInputs);
            },
            // The stack that threads of the pool have where it is small.
            1536 * 1024)
        {
            IsBackground = true,
        };
        thread.Start();
        for (var last = -1; !await Task.Run(() => thread.Join(Hang)); last = iteration)
        {
            Assert.False(last == iteration, Where("did not end within a minute", iteration, input));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{iteration:N0} inputs, seed {Seed}");
        Assert.True(failure is null, Where(failure?.ToString() ?? "", iteration, input));
    }

    private static long Allocated(Action work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string Where(string what, int iteration, byte[] input) =>
        $"seed {Seed}, iteration {iteration}, input (base64) {Convert.ToBase64String(input)}: {what}";

    private static byte[] Change(Random random, IReadOnlyList<byte[]> corpus, IReadOnlyList<byte[]> pieces)
    {
        var bytes = new List<byte>(corpus[random.Next(corpus.Count)]);
        for (var left = random.Next(9); left > 0; left--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(random.Next(4) == 0 ? bytes.Count + 1 : 9), bytes.Count - at);
            switch (random.Next(9))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 5:
                    var other = corpus[random.Next(corpus.Count)];
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.AddRange(other.AsSpan(random.Next(other.Length + 1)));
                    break;
                case 6:
                    var many = pieces[random.Next(pieces.Count)];
                    bytes.InsertRange(at, Enumerable.Repeat(many, 1 << random.Next(12)).SelectMany(p => p).Take(LongestInput));
                    break;
                default:
                    bytes.InsertRange(at, pieces[random.Next(pieces.Count)]);
                    break;
            }
        }

        return [.. bytes.Take(LongestInput)];
    }

    // The same in every process, unlike System.HashCode.
    private static int HashCode(int seed, int iteration) => unchecked((seed * 486_187_739) + (iteration * 16_777_619));

    private static int Number(string variable, int otherwise) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
        ? int.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture)
        : otherwise;
}
