using AiRouter.Triton.Contract;
using Google.Protobuf;

namespace AiRouter.Tests;

public sealed class ContractTests
{
    [Fact]
    public void ModelInferRequest_is_written_with_the_field_numbers_of_the_protocol()
    {
        var request = new ModelInferRequest { ModelName = "m", Id = "r" };
        request.RawInputContents.Add(ByteString.CopyFrom(7));

        Assert.Equal([0x0A, 1, (byte)'m', 0x1A, 1, (byte)'r', 0x3A, 1, 7], request.ToByteArray());
    }
}
