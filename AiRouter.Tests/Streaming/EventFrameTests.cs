using System.Text;
using AiRouter.Api.Streaming;

namespace AiRouter.Tests.Streaming;

public sealed class EventFrameTests
{
    [Theory]
    [InlineData("data\ndata: x\n\n", " x")]
    [InlineData("data:\ndata:\n\n", " ")]
    [InlineData("data: a\ndata: b\n\n", "a b")]
    public void Lines_of_data_are_joined_also_behind_an_empty_one(string raw, string data) =>
        Assert.Equal(data, Encoding.UTF8.GetString(EventFrame.Read(Encoding.UTF8.GetBytes(raw)).Data));
}
