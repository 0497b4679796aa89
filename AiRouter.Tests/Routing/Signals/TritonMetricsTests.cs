using System.Text;
using AiRouter.Api.Routing.Signals;
using AiRouter.Api.Routing.Targets;
using FsCheck.Xunit;

namespace AiRouter.Tests.Routing.Signals;

public sealed class TritonMetricsTests
{
    // As TensorRT-LLM 0.20 writes it; earlier releases have neither waiting nor fraction.
    private const string Page = """
        # HELP nv_inference_pending_request_count Instantaneous number of pending requests awaiting execution per-model.
        # TYPE nv_inference_pending_request_count gauge
        nv_inference_pending_request_count{model="preprocessing",version="1"} 2
        nv_inference_pending_request_count{model="tensorrt_llm",version="1"} 3
        nv_inference_pending_request_count{model="bge",version="1"} 5
        nv_inference_pending_request_count{model="bge",version="2"} 1
        # HELP nv_trt_llm_request_metrics TRT LLM request metrics
        # TYPE nv_trt_llm_request_metrics gauge
        nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="context",version="1"} 1
        nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="scheduled",version="1"} 8
        nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="max",version="1"} 512
        nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="active",version="1"} 20
        # TYPE nv_trt_llm_kv_cache_block_metrics gauge
        nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="tokens_per",model="tensorrt_llm",version="1"} 64
        nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="used",model="tensorrt_llm",version="1"} 90
        nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="free",model="tensorrt_llm",version="1"} 10
        nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="max",model="tensorrt_llm",version="1"} 100
        nv_gpu_utilization{gpu_uuid="GPU-1"} 0.5
        """;

    [Fact]
    public void Ensemble_has_the_load_of_its_parts() =>
        Assert.Equal(new LoadSignal(25, 0.9), Find(Page, "ensemble", ["preprocessing", "tensorrt_llm"]));

    [Fact]
    public void Ensemble_whose_parts_are_not_known_has_the_load_of_the_only_engine() =>
        Assert.Equal(new LoadSignal(23, 0.9), Find(Page, "ensemble", null));

    [Fact]
    public void Model_of_its_own_has_its_own_load_in_all_versions() => Assert.Equal(new LoadSignal(6, 0), Find(Page, "bge", []));

    [Fact]
    public void Target_for_any_model_has_the_load_of_the_server() => Assert.Equal(new LoadSignal(31, 0.9), Find(Page, null, null));

    [Fact]
    public void Model_that_the_page_does_not_name_has_none() => Assert.Null(Find(Page, "other", []));

    [Fact]
    public void Fraction_of_the_cache_is_taken_where_it_is_told() => Assert.Equal(
        0.25, Find("nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type=\"fraction\",model=\"m\"} 2.5e-1 1700000000000", "m", [])!.Value.CacheUsed);

    [Fact]
    public void Waiting_requests_count_beside_the_scheduled_ones() => Assert.Equal(
        7,
        Find(
            """
            nv_trt_llm_request_metrics{model="m",request_type="scheduled",version="1"} 4
            nv_trt_llm_request_metrics{model="m",request_type="waiting",version="1"} 3
            """, "m", [])!.Value.Requests);

    [Theory]
    [InlineData("nv_inference_pending_request_count{model=\"m\"} NaN")]
    [InlineData("nv_inference_pending_request_count{model=\"m\"} +Inf")]
    [InlineData("nv_inference_pending_request_count{model=\"m\"} -4")]
    [InlineData("nv_inference_pending_request_count{model=\"m\"} 1e300")]
    [InlineData("nv_inference_pending_request_count{model=\"m\"}")]
    [InlineData("nv_inference_pending_request_count{model=\"m 5")]
    [InlineData("nv_inference_pending_request_count{model=m} 5")]
    [InlineData("nv_inference_pending_request_count{=\"m\"} 5")]
    [InlineData("nv_inference_pending_request_count 5")]
    [InlineData("<html>nv_inference_pending_request_count{model=\"m\"} 5</html>")]
    public void Lines_that_are_not_right_are_passed_over(string line) => Assert.Null(Find(line, "m", []));

    [Theory]
    [InlineData("nv_inference_pending_request_count{model=\"a}\\\"b\\\\\"} 5", "a}\"b\\")]
    [InlineData("nv_inference_pending_request_count{ version = \"1\", model = \"m\" ,} 5\r", "m")]
    public void Labels_may_be_quoted_and_spaced_as_the_format_allows(string line, string model) =>
        Assert.Equal(5, Find(line, model, [])!.Value.Requests);

    [Property(MaxTest = 300)]
    public void Garbage_is_no_load_and_no_exception(byte[] bytes, int cutAt, byte[] inserted)
    {
        TritonMetrics.Read(bytes);

        var page = Encoding.UTF8.GetBytes(Page).ToList();
        page.InsertRange((int)((uint)cutAt % (uint)page.Count), inserted);
        var signal = TritonMetrics.Read(page.ToArray()).Find(null, null);
        Assert.True(signal is null || (double.IsFinite(signal.Value.Requests) && signal.Value.CacheUsed is >= 0 and <= 1));
    }

    private static LoadSignal? Find(string page, string? model, string[]? parts) =>
        TritonMetrics.Read(Encoding.UTF8.GetBytes(page)).Find(model, parts);
}
