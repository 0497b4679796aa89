using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Streaming;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Streaming;

public sealed class EmbeddingsJsonTests
{
    private static readonly TokenUsage Usage = new(7, 0, 0, false);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1_024)]
    public void Vectors_read_back_bit_by_bit(int length)
    {
        var vectors = Vectors(3, length);

        Assert.Equal(vectors, Read(vectors, asBase64: false, data => [.. data.EnumerateArray().Select(n => n.GetSingle())]));
        Assert.Equal(vectors, Read(vectors, asBase64: true, data => Floats(data.GetBytesFromBase64())));
    }

    [Fact]
    public void Numbers_of_every_length_fit_their_room()
    {
        // The longest texts there are, so many that the room made in advance is too small.
        float[] vector = [.. Enumerable.Repeat(-1.1754942E-38f, 5_000)];

        Assert.Equal([vector], Read([vector], asBase64: false, data => [.. data.EnumerateArray().Select(n => n.GetSingle())]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Numbers_cost_no_allocation(bool asBase64)
    {
        Assert.Equal(Of(Vectors(32, 8)), Of(Vectors(32, 1_024)));

        long Of(float[][] vectors)
        {
            ReadOnlyMemory<float>[] memory = [.. vectors.Select(v => new ReadOnlyMemory<float>(v))];
            return Allocations.Of(() =>
            {
                using var body = new PooledBufferWriter();
                EmbeddingsJson.Write(body, memory, asBase64, "m", Usage);
            });
        }
    }

    private static List<float[]> Read(float[][] vectors, bool asBase64, Func<JsonElement, float[]> read)
    {
        using var body = new PooledBufferWriter();
        EmbeddingsJson.Write(body, [.. vectors.Select(v => new ReadOnlyMemory<float>(v))], asBase64, "a\"b", Usage);
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(body.WrittenSpan));
        Assert.Equal("a\"b", json.RootElement.GetProperty("model").GetString());
        Assert.Equal(7, json.RootElement.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        var data = json.RootElement.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(0, vectors.Length), data.Select(d => d.GetProperty("index").GetInt32()));
        return data.ConvertAll(d => read(d.GetProperty("embedding")));
    }

    private static float[] Floats(byte[] bytes) =>
        [.. Enumerable.Range(0, bytes.Length / 4).Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * 4)))];

    private static float[][] Vectors(int count, int length)
    {
        var random = new Random(length);
        return [.. Enumerable.Range(0, count).Select(_ =>
            Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f).ToArray())];
    }
}
