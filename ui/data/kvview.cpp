// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/kvview.h"

#include "ui/data/kvbrowser.h"

namespace cleat::ui {

DataView *makeKvView(const session::DataResource &resource, QWidget *parent)
{
    return new KvBrowser(resource, parent);
}

} // namespace cleat::ui
