"""The vocabulary of replies: every known phrase under what it does. Phrases are parted by "|".

One phrase may stand in several places: "đạt" introduces a figure and says yes.
"""

from __future__ import annotations

# Everything the number grammar knows, listed so that its keyboard leftovers are known too.
NUMBER_WORDS = (
    "không|một|mốt|hai|ba|bốn|tư|năm|lăm|nhăm|sáu|bảy|bẩy|tám|chín|mười|mươi|chục|trăm|nghìn|ngàn|vạn|triệu|tỷ|tỉ"
    "|linh|lẻ|rưỡi|rưởi|phẩy|phảy|chấm"
)
SECRET_WORDS = ("mật", "tối", "tuyệt")
# The figure is what it was: an answer where there is an earlier one.
UNCHANGED = (
    "không đổi|không thay đổi|ko đổi|ko thay đổi|k đổi|k thay đổi|chưa đổi|chưa thay đổi|như cũ|vẫn như cũ|giữ nguyên"
    "|như trước|như kỳ trước|như lần trước|như tháng trước|như quý trước|vẫn vậy|vẫn thế|như báo cáo trước"
)

PHRASES: dict[str, str] = {
    # says nothing about the figure
    "polite": (
        "dạ|ạ|em|anh|chị|bác|cô|chú|thầy|sếp|thưa|kính|kính gửi|kính thưa|xin|xin phép|vâng ạ|dạ vâng|nhé"
        "|nha|nhá|ah|ak|ạh|hi|chào|xin chào|cảm ơn|cám ơn|xin cảm ơn|tks|thanks|báo cáo|xin báo cáo"
        "|em báo cáo|bc|gửi|em gửi|xin gửi|trả lời|nhập|bot|ad|admin|đây|đây ạ|nè|đó|thế|thì|là thế"
        "|luôn|vâng|số liệu này|tôi|mình|bên em|ad ơi|ơi"
    ),
    # belongs to a question or a sweeping denial: fine in "không có sản phẩm nào", telling nothing on its own
    "query": "nào|gì",
    # names things that can be counted, so that behind a number they are its unit; says nothing before one
    "thing": "xã|phường|đơn vị|địa phương|kết quả|báo cáo|ứng dụng|số|số liệu|con số|giá trị|mức|chỉ tiêu",
    # introduces a figure without changing it
    "lead": (
        "đạt|đạt được|được|đc|dc|đã|có|là|kq|kết quả|kết quả là|kết quả đạt|kết quả đạt được|tỷ lệ|tỉ lệ"
        "|tỷ lệ đạt|tỉ lệ đạt|số|số liệu|sl|số liệu là|con số|con số là|giá trị|mức|ở mức|bằng"
        "|hiện có|đang đạt|đang có|đang ở mức|mới|mới đạt|mới có|mới được|chỉ|chỉ đạt|chỉ có|chỉ được|vẫn"
        "|vẫn là|vẫn đạt|tổng|tổng số|tổng cộng|lũy kế|luỹ kế|cộng dồn|đủ|rồi|ok|của xã|xã|toàn xã"
        "|của phường|phường|toàn phường|đơn vị|địa phương|toàn tỉnh|cả nước|toàn quốc|trong tỉnh|trong cả nước"
    ),
    # stands beside a figure and may change it: to be confirmed
    "soft": "chỉ tiêu|hoàn thành|thực hiện|đã thực hiện|thực hiện được|thực hiện đạt|xong|đã xong|làm được",
    # negation: no figure beside it is taken
    "not": (
        "chưa|không|ko|k|kô|hông|hong|hem|hok|khg|kh|chẳng|chả|hổng|đâu|chưa đạt|không đạt|ko đạt|chưa được"
        "|không được|chưa có|không có|ko có|k có|không phải|ko phải|chưa phải|thiếu|còn thiếu|hụt|trượt|sai"
        "|nhầm|không tính|chưa tính|trừ"
    ),
    # approximately
    "about": (
        "khoảng|tầm|cỡ|độ|chừng|xấp xỉ|xấp xĩ|ước|ước đạt|ước tính|ước thực hiện|ước khoảng|tầm khoảng"
        "|vào khoảng|áng chừng|ước chừng|khoảng độ|trên dưới|gì đó|hơn kém|tương đương|quãng|tạm tính|ước tính đạt"
        "|đạt khoảng|ước được"
    ),
    # almost: below or above cannot be told
    "near": "gần|gần đạt|gần được|gần bằng|sắp|sắp đạt|suýt|ngót|gần đến|gần tới|suýt soát|xém",
    # more than
    "over": "trên|hơn|lớn hơn|cao hơn|nhiều hơn|quá|đạt trên|đạt hơn|được hơn|vượt quá|vượt trên",
    # less than
    "under": ("dưới|nhỏ hơn|thấp hơn|ít hơn|kém|chưa đến|chưa tới|không đến|không tới|chưa đầy|chưa quá|chưa được đến"),
    # a lower bound, itself allowed
    "at_least": (
        "ít nhất|tối thiểu|không dưới|ko dưới|k dưới|không ít hơn|không thấp hơn|không kém|ko ít hơn"
        "|không nhỏ hơn|chí ít|ko thấp hơn|ko kém|chẳng kém"
    ),
    # an upper bound, itself allowed
    "at_most": (
        "nhiều nhất|tối đa|không quá|ko quá|k quá|không hơn|ko hơn|không vượt quá|không vượt|không trên"
        "|ko trên|không nhiều hơn|không cao hơn|không lớn hơn|cao nhất là|nhiều lắm là"
    ),
    # behind a number: or more
    "upward": "trở lên|hơn",
    # behind a number: or less
    "downward": "trở xuống",
    # the lower end of a span
    "from": "từ",
    # the upper end of a span
    "to": "đến|tới|đến khoảng",
    # x of y
    "out_of": "trên|trong|trong số|trên số|trên tổng|trên tổng số|trong tổng số|trong tổng|tổng số|trên toàn bộ",
    # a difference, not a level
    "change": ("tăng|giảm|tăng thêm|giảm còn|tăng lên|giảm xuống|vượt|bớt|thêm|tăng được|giảm được|chênh|chênh lệch"),
    # the sender is not sure, or takes something back
    "hedge": (
        "nhưng|nhưng mà|song|tuy nhiên|tuy|có lẽ|chắc|hình như|có thể|hay|hoặc|hay là|hoặc là|nếu|chắc là"
        "|không chắc|ko chắc|không rõ lắm|một phần|1 phần|cơ bản|gần như|hầu như|phải không|đúng không"
        "|được không|chưa nhỉ|nhỉ|à|sẽ|dự kiến"
    ),
    # as last time, or told already
    "same": (
        f"{UNCHANGED}|báo cáo rồi|em báo cáo rồi|đã báo cáo rồi|gửi rồi|em gửi rồi|đã gửi rồi"
        "|trả lời rồi|đã trả lời rồi|nhập rồi|đã nhập rồi"
    ),
    # yes
    "yes": (
        "có|rồi|đạt|ok|oke|okie|okê|đủ|đã có|đã đạt|có rồi|đạt rồi|đã đủ|đủ rồi|đáp ứng|đã đáp ứng|duy trì"
        "|đã duy trì|vẫn duy trì|duy trì tốt|duy trì ổn định|ứng dụng|đã ứng dụng|đã áp dụng|đạt yêu cầu"
        "|đã đạt rồi|đã có rồi|rùi|đã triển khai|đã đưa vào sử dụng|yes|có ạ"
    ),
    # finished
    "done": (
        "xong|đã xong|xong rồi|đã xong rồi|hoàn thành|đã hoàn thành|hoàn thành rồi|hoàn tất|đã hoàn tất"
        "|đã làm|làm rồi|làm xong|đã làm xong|đã làm rồi|làm xong rồi|đã thực hiện|thực hiện xong"
        "|đã thực hiện xong|đã triển khai xong|đã hoàn thành xong|done|đã xong hết|xong hết|xong hết rồi"
        "|hoàn thành tốt|vừa xong|vừa hoàn thành|mới hoàn thành"
    ),
    # the sign %, in words
    "percent": "phần trăm|phần trăm grdp|% grdp|phầm trăm|percent",
    # no
    "no": (
        "không|ko|k|kô|hông|hong|khg|kh|hok|chưa|không đạt|ko đạt|k đạt|chưa đạt|không có|ko có|k có"
        "|chưa có|chưa đủ|không đủ|ko đủ|chưa đáp ứng|không đáp ứng|chưa duy trì|không duy trì"
        "|chưa ứng dụng|không ứng dụng|chưa áp dụng|không áp dụng|no|chưa đạt yêu cầu|không đạt yêu cầu"
        "|không làm|không thực hiện|không triển khai|chưa được|hổng|hổng có|chả có|chẳng có|hem có"
    ),
    # a task nobody has begun
    "not_begun": (
        "chưa|chưa làm|chưa thực hiện|chưa triển khai|chưa bắt đầu|chưa có|chưa có gì|chưa tiến hành"
        "|chưa làm gì|chưa khởi động|chưa xây dựng|chưa thực hiện được|chưa làm được|chưa triển khai được"
    ),
    # not yet, perhaps begun
    "unfinished": (
        "chưa xong|chưa hoàn thành|chưa hoàn tất|chưa đạt|chưa đủ|chưa làm xong|chưa thực hiện xong"
        "|chưa xong hết|chưa hoàn thiện"
    ),
    # being done
    "doing": (
        "đang|đang làm|đang triển khai|đang thực hiện|đang tiến hành|đang xử lý|đang hoàn thiện"
        "|đang xây dựng|đang trong quá trình thực hiện|đang trong quá trình triển khai|đang hoàn thành"
        "|làm dở|đang làm dở|đang dở|sắp xong|gần xong|sắp hoàn thành|gần hoàn thành"
        "|vẫn đang làm|còn đang làm|đang giải quyết|đang phối hợp"
    ),
    # it cannot be done
    "blocked": (
        "không thực hiện được|không làm được|không triển khai được|không thể thực hiện|không thể làm"
        "|không thể triển khai|ko thực hiện được|ko làm được|k làm được|k thực hiện được|vướng|vướng mắc"
        "|đang vướng|đang vướng mắc|bị vướng|tắc|bị tắc|gặp khó khăn|đang gặp khó khăn|gặp vướng mắc"
        "|không khả thi|không hoàn thành được|không thể hoàn thành|không thực hiện|không làm"
        "|không triển khai|không hoàn thành"
    ),
    # there is none: perhaps 0
    "nothing": (
        "không có|ko có|k có|không có gì|không phát sinh|ko phát sinh|k phát sinh|chưa phát sinh"
        "|không có phát sinh|không có cái nào|chưa có cái nào"
    ),
    # no figure yet, which is never 0
    "no_data": (
        "chưa có số liệu|chưa có sl|không có sl|ko có sl|k có sl|không có số liệu|ko có số liệu|k có số liệu"
        "|chưa có dữ liệu|không có dữ liệu"
        "|chưa có thông tin|không có thông tin|chưa có kết quả|chưa có báo cáo|chưa có số|chưa có con số"
        "|chưa có số liệu cụ thể|chưa có số liệu báo cáo|chưa có số liệu chính thức|chưa tổng hợp"
        "|chưa tổng hợp được|chưa tổng hợp xong|chưa thống kê|chưa thống kê được|chưa thống kê xong"
        "|chưa cập nhật|chưa báo cáo|chưa rõ|chưa biết|không biết|ko biết|k biết|không rõ|ko rõ"
        "|chưa xác định|chưa xác định được|chưa nắm được|chưa đến kỳ|chưa đến kỳ báo cáo|đang tổng hợp"
        "|đang tổng hợp số liệu|đang thống kê|đang cập nhật|đang rà soát|đang thu thập"
        "|đang thu thập số liệu|đang chờ số liệu|chờ số liệu|đang chờ|đang đợi số liệu|đang xin số liệu"
        "|đang kiểm tra|đang tính|đang lấy số liệu|na|null|chưa đo|chưa đánh giá|chưa đo được"
        "|chưa đánh giá được|chưa công bố|chưa có kết quả đánh giá|chưa chốt|chưa chốt số liệu"
        "|chưa có số liệu tổng hợp"
    ),
    # the answer is promised
    "later": (
        "báo cáo sau|gửi sau|bổ sung sau|cập nhật sau|trả lời sau|báo sau|nộp sau|để sau|sẽ báo cáo sau"
        "|sẽ gửi sau|sẽ bổ sung sau|mai gửi|mai báo cáo|mai em gửi|ngày mai gửi|ngày mai báo cáo|chiều gửi"
        "|sẽ báo cáo|sẽ gửi|sẽ cập nhật|sẽ bổ sung|mai"
    ),
    # the day of the figure, in words
    "now": (
        "đến nay|tới nay|cho đến nay|tính đến nay|đến thời điểm này|tính đến thời điểm này"
        "|đến thời điểm hiện tại|tính đến thời điểm hiện tại|hiện nay|hiện tại|hiện|hôm nay|đến hôm nay"
        "|tính đến hôm nay|hôm qua|tháng này|quý này|năm nay|kỳ này|tuần này|đến hiện tại|cuối tháng"
        "|cuối quý|cuối năm|đầu năm|từ đầu năm|từ đầu năm đến nay|trong năm|cả năm|trong tháng|trong quý"
        "|trong kỳ|đến cuối tháng|đến hết tháng"
    ),
    # a place in a ranking
    "rank": (
        "thứ|hạng|xếp|xếp thứ|xếp hạng|đứng|đứng thứ|vị trí|vị thứ|vị trí thứ|thứ hạng|hạng thứ"
        "|xếp hạng thứ|xếp vị trí|thứ bậc"
    ),
    # among the first so many
    "top": "top|tốp|trong top|thuộc top|nhóm|trong nhóm",
    # below zero
    "minus": "âm|trừ",
}
