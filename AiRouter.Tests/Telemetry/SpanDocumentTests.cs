using System.Reflection;
using AiRouter.Api.Telemetry;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Telemetry;

public sealed class SpanDocumentTests
{
    [Fact]
    public void Every_attribute_of_a_span_is_documented()
    {
        var text = Checkout.Read("docs/traces.md");
        var names = typeof(TelemetryNames.SpanAttributes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(static field => (string)field.GetRawConstantValue()!);

        Assert.DoesNotContain(names, name => !text.Contains($"`{name}`", StringComparison.Ordinal));
    }
}
